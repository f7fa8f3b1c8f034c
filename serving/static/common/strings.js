// The words of the page in the reader's language.

import { collectionsEn, collectionsZh } from "../collection/words.js";
import { en } from "./words-en.js";
import { zh } from "./words-zh.js";

const WORDS = { zh: { ...zh, collections: collectionsZh }, en: { ...en, collections: collectionsEn } };
let current = "zh";

/** The words of this name ("models.title") in the reader's language; a function where they hold numbers. */
export function say(name) {
  return name.split(".").reduce((group, part) => group?.[part], WORDS[current]);
}

/** The name of something that the data names (a label, a status), or the data's own where it is new to the page. */
export function nameOf(group, key) {
  return WORDS[current][group][key] ?? key;
}

export function language() {
  return current;
}

/** A number as a percentage with one digit: 0.9021 -> 90.2%. */
export function percent(share, digits = 1) {
  return share === null || share === undefined ? "–" : `${(share * 100).toFixed(digits)}%`;
}

/** A time of the service in the reader's own zone. */
export function moment(written) {
  if (!written) return "–";
  const options = { dateStyle: "medium", timeStyle: "short" };
  return new Date(written).toLocaleString(current === "zh" ? "zh-CN" : "en-GB", options);
}

/** Take a language ("zh" or "en"), and write every fixed string of the page in it. */
export function setLanguage(wanted) {
  current = wanted === "en" ? "en" : "zh";
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  document.title = say("documentTitle");
  write("[data-i18n]", (element, words) => (element.textContent = words), "i18n");
  write("[data-i18n-placeholder]", (element, words) => (element.placeholder = words), "i18nPlaceholder");
  write("[data-i18n-label]", (element, words) => element.setAttribute("aria-label", words), "i18nLabel");
  write("[data-i18n-title]", (element, words) => (element.title = words), "i18nTitle");
}

function write(selector, put, key) {
  for (const element of document.querySelectorAll(selector)) {
    const words = say(element.dataset[key]);
    if (words !== undefined) put(element, words);
  }
}
