// Collections of reports: the list of them, and one of them.

import { PagedView } from "../common/pages.js";
import { CollectionPage } from "./collection.js";
import { listPage } from "./list.js";

export class CollectionsView extends PagedView {
  /** Show #collections, #collections/ID or #collections/ID/INDICATOR. */
  show([id, indicator]) {
    const make = (visit) => (id ? CollectionPage.open(visit, id, indicator) : listPage(visit));
    return this.turnTo(id, make, () => this.show([id, indicator]));
  }
}
