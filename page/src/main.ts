import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";

// A page that was built anew under the server has other files: it is loaded again, and finds its run again. Once for
// each state of the page: where that does not help, another time would not.
const LOADED = "glasstown-loaded-again";
addEventListener("vite:preloadError", () => {
  try {
    if (sessionStorage.getItem(LOADED) === import.meta.url) return;
    sessionStorage.setItem(LOADED, import.meta.url);
    location.reload();
  } catch {
    return;
  }
});

mount(App, { target: document.getElementById("app") as HTMLElement });
