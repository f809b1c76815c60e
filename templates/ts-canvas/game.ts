// What `echo-net dev`, `check` and `simulate` are given: the rules, how they look, and what the keys mean.
export { device } from "./keys.js";
export { render } from "./render.js";
export { default } from "./rules.js";
