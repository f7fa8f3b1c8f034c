// The addresses of collections and of a place in one of their reports.

/** #collections, or that of one, with the indicator that is shown. */
export const addressOf = (...parts) => ["#collections", ...parts.map(encodeURIComponent)].join("/");

/** A place of a report of a collection, in the reading view. */
export const placeInReport = (id, { number, start, end }) => `#report/${id}/${number}/${start}/${end}`;
