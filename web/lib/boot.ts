/**
 * Runs before the first paint so that theme and language never flash, and no press of a button is lost (early-press.ts). Static text: a relay allows it by its hash,
 * therefore nothing in here may depend on when or where it was built.
 */
export const bootScript = `(function(){var d=document.documentElement,s=null;try{s=localStorage}catch(e){}
function g(k){try{return s&&s.getItem(k)}catch(e){return null}}
var t=g("skrumble.theme");
d.dataset.theme=t==="dark"||t==="light"?t:matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";
var l=g("skrumble.language")||(/^zh/i.test(navigator.language)?"zh-CN":"en");
d.lang=l;if(l!=="en")d.dataset.words="coming";
if(g("skrumble.joined"))d.dataset.joined="";
document.addEventListener("click",function(e){if(!d.awake)d.pressed=e.target.closest("button")},true)})()`;
