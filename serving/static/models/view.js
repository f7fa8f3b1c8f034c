// Models: versions, one of them, two of them side by side, trainings and evaluations.

import { PagedView } from "../common/pages.js";
import { comparePage } from "./compare.js";
import { evaluationPage } from "./evaluation.js";
import { listPage } from "./list.js";
import { trainingPage } from "./training.js";
import { versionPage } from "./version.js";

const PAGES = { version: versionPage, compare: comparePage, training: trainingPage, evaluation: evaluationPage };

export class ModelsView extends PagedView {
  /** Show a page (see addressOf); each is given the visit and its parts. */
  show([page, ...parts]) {
    const make = (visit) => (PAGES[page] ?? listPage)(visit, ...parts);
    return this.turnTo([page, ...parts].join("/"), make, () => this.show([page, ...parts]));
  }
}
