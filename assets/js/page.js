// On every page: relative times, copy buttons, questions before what cannot be undone.
import { keepTimesRelative } from "./page/times.js";
import { enableCopying } from "./page/copy.js";
import { enableConfirming } from "./page/confirm.js";
import { enableMenus } from "./page/menus.js";

keepTimesRelative();
enableCopying();
enableConfirming();
enableMenus();
