// Runs before the page is drawn, so that no reader of a dark page is shown a light one first.
(() => {
  const asked = new URLSearchParams(location.search).get("theme");
  let kept = null;
  try {
    kept = localStorage.getItem("zhibiao.theme");
  } catch {
    // A browser that keeps nothing: the system's theme is taken.
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = [asked, kept].find((theme) => theme === "dark" || theme === "light") ?? system;
})();
