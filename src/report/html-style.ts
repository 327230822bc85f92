/** The style sheet of the HTML report. Colours are variables, so that dark mode and print only change those. */

export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --card: #f6f7f9; --line: #c9ced6; --text: #1b1f24; --soft: #515a66; --link: #0b57b0;
  --critical: #a3122b; --high: #b03a00; --medium: #7a5500; --low: #1b5e8a; --info: #4b5563; --good: #12693a; --on: #ffffff; --warn: #fff3cd; --warn-text: #5c4400; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14171b; --card: #1d2127; --line: #3d4550; --text: #e8eaed; --soft: #a9b2bf; --link: #8ab8ff;
    --critical: #ff8fa3; --high: #ffa26b; --medium: #f2c14e; --low: #7fc1ee; --info: #b3bcc8; --good: #6fd39b; --on: #14171b; --warn: #3a2f0b; --warn-text: #ffe08a; } }
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
h1 { font-size: 1.1rem; margin: 0 0 .5rem; color: var(--soft); font-weight: 600; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .35rem 0; }
a { color: var(--link); }
code { unicode-bidi: isolate; font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.verdict { border: 1px solid var(--line); border-left: .5rem solid var(--good); background: var(--card); padding: .8rem 1rem; border-radius: .4rem; }
.verdict.bad { border-left-color: var(--critical); }
.verdict strong { font-size: 1.4rem; display: block; }
.missing { background: var(--warn); color: var(--warn-text); padding: .7rem 1rem; border-radius: .4rem; margin-top: .75rem; }
.soft { color: var(--soft); }
dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .5rem 1rem; margin: 1rem 0 0; }
dl.facts dt { color: var(--soft); font-size: .85rem; }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.5rem; margin-bottom: 1.5rem; }
figure { margin: 0; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: .4rem; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
svg .axis { stroke: var(--line); }
svg .open { fill: var(--critical); }
svg .gone { fill: var(--info); }
svg .there { fill: none; stroke: var(--text); stroke-width: 2; }
.key { display: inline-block; width: .8rem; height: .8rem; margin: 0 .3rem 0 .7rem; vertical-align: -.05rem; }
.key.open { background: var(--critical); } .key.gone { background: var(--info); } .key.there { height: 2px; vertical-align: .25rem; background: var(--text); }
.legend .key:first-child { margin-left: 0; }
.timeline { margin-bottom: 1.5rem; }
.timeline svg { overflow: visible; }
a.warn { color: inherit; }
.remedy { margin: 0 0 1.5rem; }
.remedy ol, .remedy ul { margin: .3rem 0; padding-left: 1.4rem; overflow-wrap: anywhere; }
svg .bar { fill: var(--low); }
.bars { display: grid; grid-template-columns: minmax(6rem, 40%) 1fr auto; gap: .25rem .6rem; align-items: center; }
.bars span { min-width: 0; overflow-wrap: anywhere; }
.bars svg { height: .9rem; }
.filters { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
.filters label { display: grid; min-width: 0; max-width: 16rem; font-size: .85rem; color: var(--soft); }
.filters input, .filters select { font: inherit; color: var(--text); background: var(--page); border: 1px solid var(--soft); border-radius: .3rem; padding: .3rem .5rem; max-width: 100%; }
.filters input, .filters select { width: 100%; min-width: 0; height: 2.1rem; }
input::placeholder { color: var(--soft); opacity: 1; }
.filters output { margin-left: auto; color: var(--soft); }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; }
details summary { padding: .6rem .9rem; cursor: pointer; display: grid; grid-template-columns: 5.2rem 1fr; gap: 0 .8rem; align-items: start; list-style: none; }
details summary::-webkit-details-marker { display: none; }
details summary p { grid-column: 2; font-size: .9rem; color: var(--soft); margin: 0; overflow-wrap: anywhere; }
details i { font-style: normal; }
details[open] summary { border-bottom: 1px solid var(--line); }
details > :not(summary) { margin: .4rem .9rem; }
details > :last-child { margin-bottom: .8rem; }
details > ul, details > ol { padding-left: 1.4rem; }
details > h4 { margin-bottom: 0; font-size: .9rem; color: var(--soft); }
b[class] { display: inline-block; text-align: center; font-size: .8rem; padding: .1rem .4rem; border-radius: .3rem; color: var(--on); background: var(--info); }
b.c { background: var(--critical); } b.h { background: var(--high); } b.m { background: var(--medium); } b.l { background: var(--low); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
[hidden] { display: none !important; }
@media (max-width: 40rem) { details summary { grid-template-columns: 1fr; } details summary p { grid-column: 1; } details summary b { justify-self: start; } .filters label { flex: 1 1 8rem; max-width: 100%; }
  .filters output { margin-left: 0; } svg text { font-size: 17px; } }
@media print {
  :root { --page: #ffffff; --card: #ffffff; --line: #999999; --text: #000000; --soft: #333333; --link: #000000;
    --critical: #a3122b; --high: #b03a00; --medium: #7a5500; --low: #1b5e8a; --info: #4b5563; --good: #12693a; --on: #ffffff; --warn: #ffffff; --warn-text: #000000; }
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  .filters { display: none; }
  details::details-content { content-visibility: visible; }
  .missing { border: 2px solid #000000; }
  details { break-inside: avoid; }
  b[class], svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
