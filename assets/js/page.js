// On every page: relative times, copy buttons, questions before what cannot be undone, signing out.
import { keepTimesRelative } from "./page/times.js";
import { enableCopying } from "./page/copy.js";
import { enableConfirming } from "./page/confirm.js";
import { enableMenus } from "./page/menus.js";
import { enableLeaving } from "./page/leaving.js";

keepTimesRelative();
enableCopying();
enableConfirming();
enableMenus();
enableLeaving();
