// Sets the theme before the first paint. It is a file of its own, loaded in the head, because the page's policy forbids
// inline scripts. src/lib/theme.ts writes the same key and calls the same function when someone chooses.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem("fp:theme");
    } catch {
      // Storage can be switched off; the system's theme is then the only one.
    }
    const theme = chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
    document.documentElement.style.colorScheme = theme;
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  window.fpApplyTheme = apply;
})();
