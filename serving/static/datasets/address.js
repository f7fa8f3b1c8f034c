// Addresses of the pages of data sets.

/** The address of a page of the data sets. */
export function addressOf(...parts) {
  return ["#datasets", ...parts.map(encodeURIComponent)].join("/");
}

/** The address of a document in the reading view; of an older version where one is named. */
export function readingAddress(dataset, id, version) {
  return ["#read", ...[dataset, id, version].filter((part) => part !== undefined).map(encodeURIComponent)].join("/");
}
