// Data sets: the list of them, one of them, two of them compared.

import { PagedView } from "../common/pages.js";
import { agreementPage } from "./agreement.js";
import { datasetPage } from "./dataset.js";
import { listPage } from "./list.js";

export class DatasetsView extends PagedView {
  /** Show #datasets, #datasets/NAME, or #datasets/NAME/agreement/OTHER. */
  show([name, page, other]) {
    const make = ({ again }) => {
      if (page === "agreement" && other) return agreementPage(name, other);
      return name ? datasetPage(name, again) : listPage(again);
    };
    return this.turnTo([name, page, other].join("/"), make, () => this.show([name, page, other]));
  }
}
