// Addresses of the pages of models.

/** The address of a page: version NAME, compare ONE OTHER, training ID, evaluation ID; none for the list. */
export function addressOf(...parts) {
  return ["#models", ...parts.map(encodeURIComponent)].join("/");
}
