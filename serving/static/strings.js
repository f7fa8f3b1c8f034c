// Every word that the page shows, in both languages, and the choice between them.

const STRINGS = {
  zh: {
    documentTitle: "指标 · 报告中的事实",
    skip: "跳到正文",
    title: "报告中的事实",
    api: "接口文档",
    otherLanguage: "English",
    themeLight: "浅色",
    themeDark: "深色",
    inputTitle: "粘贴或拖入一份报告",
    textLabel: "报告全文",
    textPlaceholder: "在此粘贴报告全文……",
    dropHint: "也可把文件拖到此页：.txt .docx .pdf .xlsx .html .md",
    dropHere: "松开即读取",
    extract: "提取",
    cancel: "取消",
    choose: "选择文件…",
    example: "试一段示例",
    year: "报告年度",
    yearAuto: "自动",
    summary: "概要",
    download: "下载",
    reading: "正文",
    readerLabel: "标注后的正文；左右方向键逐个移动，回车查看事实",
    legend: "标注类别；点击可显示或隐藏",
    facts: "事实",
    search: "筛选",
    searchPlaceholder: "按指标、项目、时期、数值筛选",
    statusLabel: "性质",
    allStatuses: "全部性质",
    doubtfulOnly: "只看存疑",
    unitLabel: "金额单位",
    tableCaption: "事实表；点表头排序，上下方向键逐行移动，回车在正文中查看",
    reading_: "正在读取……",
    empty: "请先粘贴一份报告，或选择一个文件。",
    cancelled: "已取消。",
    unreachable: "连接不到服务。请确认服务仍在运行，然后重试。",
    figures: (n) => `${n.characters} 字，${n.entities} 处标注，${n.facts} 条事实，其中 ${n.doubtful} 条存疑。模型 ${n.model}，报告年度 ${n.year}。`,
    done: (n) => `读取完毕：${n} 条事实。`,
    noYear: "未知",
    count: (shown, all) => (shown === all ? `共 ${all} 条` : `${shown} / ${all} 条`),
    notices: (n) => `${n} 条提示`,
    notice: "提示",
    noFacts: "没有符合条件的事实。",
    doubtful: "存疑",
    share: "其中",
    columns: { indicator: "指标 / 项目", value: "数值", growth: "增长", period: "时期", status: "性质", confidence: "把握" },
    labels: { INDICATOR: "指标", AMOUNT: "金额", QUANTITY: "数量", RATIO: "比率", GROWTH: "增长", PROJECT: "项目", PERIOD: "时期" },
    statuses: { actual: "实际", target: "目标", forecast: "预计", budget: "预算" },
    units: { "元": "元", "万元": "万元", "亿元": "亿元" },
    growthUnits: { percent: "%", percentage_point: "个百分点", permille: "‰", basis_point: "个基点", times: "倍", doubling: "番" },
    directions: { up: "增", down: "降", flat: "平" },
    currencies: { CNY: "元", USD: "美元", HKD: "港元", EUR: "欧元", JPY: "日元", GBP: "英镑" },
    key: "API 密钥",
    useKey: "使用",
    keyTaken: "密钥已记下（仅限本标签页），请重试。",
  },
  en: {
    documentTitle: "Zhibiao · the facts of a report",
    skip: "Skip to content",
    title: "The facts of a report",
    api: "API",
    otherLanguage: "中文",
    themeLight: "Light",
    themeDark: "Dark",
    inputTitle: "Paste or drop a Chinese report",
    textLabel: "The report",
    textPlaceholder: "Paste the whole report here …",
    dropHint: "Or drop a file anywhere on this page: .txt .docx .pdf .xlsx .html .md",
    dropHere: "Drop to read it",
    extract: "Extract",
    cancel: "Cancel",
    choose: "Choose a file…",
    example: "Try an example",
    year: "Year of the report",
    yearAuto: "automatic",
    summary: "Summary",
    download: "Download",
    reading: "Text",
    readerLabel: "The annotated text; left and right arrows move between spans, Enter shows the fact",
    legend: "Kinds of span; click to show or hide",
    facts: "Facts",
    search: "Filter",
    searchPlaceholder: "Filter by indicator, project, period, value",
    statusLabel: "Status",
    allStatuses: "Every status",
    doubtfulOnly: "Doubtful only",
    unitLabel: "Unit of amounts",
    tableCaption: "Facts; headers sort, up and down arrows move between rows, Enter shows the place in the text",
    reading_: "Reading …",
    empty: "Paste a report first, or choose a file.",
    cancelled: "Cancelled.",
    unreachable: "The service cannot be reached. See that it is still running, then try again.",
    figures: (n) =>
      `${n.characters} characters, ${n.entities} spans, ${n.facts} facts, ${n.doubtful} of them doubtful. Model ${n.model}, year of the report ${n.year}.`,
    done: (n) => `Done: ${n} facts.`,
    noYear: "unknown",
    count: (shown, all) => (shown === all ? `${all} facts` : `${shown} of ${all} facts`),
    notices: (n) => (n === 1 ? "1 notice" : `${n} notices`),
    notice: "Notice",
    noFacts: "No fact fits the filter.",
    doubtful: "doubtful",
    share: "of it",
    columns: { indicator: "Indicator / project", value: "Value", growth: "Growth", period: "Period", status: "Status", confidence: "Confidence" },
    labels: { INDICATOR: "indicator", AMOUNT: "amount", QUANTITY: "quantity", RATIO: "ratio", GROWTH: "growth", PROJECT: "project", PERIOD: "period" },
    statuses: { actual: "actual", target: "target", forecast: "forecast", budget: "budget" },
    units: { "元": "¥", "万元": "¥10k 万元", "亿元": "¥100m 亿元" },
    growthUnits: { percent: "%", percentage_point: " pp", permille: "‰", basis_point: " bp", times: "×", doubling: " doublings" },
    directions: { up: "up", down: "down", flat: "flat" },
    currencies: { CNY: "元" },
    key: "API key",
    useKey: "Use it",
    keyTaken: "The key is kept for this tab. Try again.",
  },
};

let current = "zh";

/** The string of this name in the reader's language; a function where it holds numbers. */
export function say(name) {
  return STRINGS[current][name];
}

/** The name of something that the data names (a label, a status), or the data's own where it is new to the page. */
export function nameOf(group, key) {
  return STRINGS[current][group][key] ?? key;
}

export function language() {
  return current;
}

/** Take a language ("zh" or "en"), and write every fixed string of the page in it. */
export function setLanguage(wanted) {
  current = wanted === "en" ? "en" : "zh";
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  document.title = say("documentTitle");
  for (const element of document.querySelectorAll("[data-i18n]")) {
    const words = say(element.dataset.i18n);
    if (words !== undefined) element.textContent = words;
  }
  for (const element of document.querySelectorAll("[data-i18n-placeholder]")) {
    element.placeholder = say(element.dataset.i18nPlaceholder);
  }
  for (const element of document.querySelectorAll("[data-i18n-label]")) {
    element.setAttribute("aria-label", say(element.dataset.i18nLabel));
  }
}
