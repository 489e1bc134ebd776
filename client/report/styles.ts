/** The looks of the report page. Every pair of text and background has a contrast of 4.5 or more, light and dark. */
export const styles = `
:root {
  --page: #f6f7f9; --card: #ffffff; --line: #d9dde3; --text: #1a1f27; --quiet: #5a6472; --accent: #1d5fd0;
  --good: #0a6b3d; --good-back: #dcf5e7; --warn: #7a4d00; --warn-back: #fdf0d2; --bad: #a11c1c; --bad-back: #fde4e4;
  --still: #4a5462; --still-back: #e8ebef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1319; --card: #181e27; --line: #2c3542; --text: #e6eaf0; --quiet: #9aa6b5; --accent: #7fb0ff;
    --good: #7fe0ac; --good-back: #10331f; --warn: #f5cd7a; --warn-back: #3a2c0c; --bad: #ff9d9d; --bad-back: #431a1c;
    --still: #b3bdca; --still-back: #2a323e;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
main, .page { max-width: 1320px; margin: 0 auto; padding: 0 24px; }
header.page { padding-top: 40px; }
footer.page { padding: 32px 24px; font-size: 13px; }
h1 { font-size: 34px; line-height: 1.15; margin: 0 0 12px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 36px 0 12px; }
h3 { font-size: 18px; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: 13px; margin: 16px 0 6px; color: var(--quiet); font-weight: 600; }
p { margin: 0 0 12px; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: 0.92em; }
.overline { color: var(--quiet); margin-bottom: 4px; font-weight: 600; }
.lead { font-size: 17px; max-width: 75ch; }
.quiet { color: var(--quiet); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 12px; background: var(--card); padding: 8px 14px; z-index: 2; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 20px 0 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
.tiles dt { color: var(--quiet); font-size: 13px; }
.tiles dd { margin: 0; font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: 8px; margin: 0; padding: 0; }
.chips li { background: var(--card); border: 1px solid var(--line); border-radius: 999px; padding: 4px 14px; overflow-wrap: anywhere; }
.contents { columns: 300px; column-gap: 32px; margin: 0 0 24px; padding-left: 28px; }
.contents li { padding: 3px 0; break-inside: avoid; }

.badge { display: inline-block; border-radius: 999px; padding: 1px 10px; font-size: 12.5px; font-weight: 600; white-space: nowrap; color: var(--still); background: var(--still-back); }
.badge.passed, .badge.accepted { color: var(--good); background: var(--good-back); }
.badge.repaired, .badge.degraded, .badge.pending { color: var(--warn); background: var(--warn-back); }
.badge.failed { color: var(--bad); background: var(--bad-back); }

.image { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px; margin-bottom: 24px; scroll-margin-top: 16px; }
.image > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; margin-bottom: 14px; }
.image > header p { margin: 0 0 0 auto; font-size: 13px; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 24px; align-items: start; }
.figure { margin: 0; position: sticky; top: 16px; }
.figure.none { display: grid; place-items: center; min-height: 180px; border: 1px dashed var(--line); border-radius: 8px; color: var(--quiet); }
.picture { position: relative; overflow: hidden; border-radius: 8px; background: var(--page); }
.picture img { display: block; width: 100%; height: auto; }
.boxes, .boxes svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.boxes rect { fill: none; vector-effect: non-scaling-stroke; }
.boxes .casing { stroke: rgb(0 0 0 / 0.65); stroke-width: 5px; }
.boxes .line { stroke-width: 2.5px; }
.label { position: absolute; transform: translateY(-100%); max-width: 60%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: #fff; font-size: 12px; line-height: 1.35; font-weight: 600; padding: 1px 7px; border-radius: 4px; }
.label.below { transform: none; }
figcaption { margin-top: 8px; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13.5px; }
legend { float: left; padding: 0; margin-right: 16px; color: var(--quiet); }
input { accent-color: var(--accent); }

.answer { border-bottom: 1px solid var(--line); }
.answer:first-of-type { border-top: 1px solid var(--line); }
.answer > summary { display: grid; grid-template-columns: 1fr auto auto; gap: 2px 10px; padding: 9px 4px; align-items: baseline; cursor: pointer; list-style: none; }
.answer > summary::-webkit-details-marker { display: none; }
.answer > summary:hover .name { text-decoration: underline; }
.name { font-weight: 620; overflow-wrap: anywhere; }
.name::before { content: '▸'; display: inline-block; width: 1.1em; color: var(--quiet); }
.answer[open] > summary .name::before { content: '▾'; }
.short { grid-column: 1 / -1; color: var(--quiet); font-size: 14px; padding-left: 1.2em; overflow-wrap: anywhere; unicode-bidi: isolate; }
.note { grid-column: 1 / -1; color: var(--warn); font-size: 13px; padding-left: 1.3em; overflow-wrap: anywhere; unicode-bidi: isolate; }
.took { color: var(--quiet); font-size: 13px; font-variant-numeric: tabular-nums; }
.inside { padding: 4px 4px 16px 1.4em; font-size: 14px; overflow-wrap: anywhere; unicode-bidi: isolate; }
.inside ul { margin: 0; padding-left: 18px; }
.failure { color: var(--bad); }
.stage { margin-right: 10px; white-space: nowrap; }
.issues { color: var(--quiet); }
.swatch { display: inline-block; width: 1.05em; height: 1.05em; border-radius: 3px; border: 1px solid var(--line); vertical-align: -0.16em; margin-right: 5px; }
.short .swatch:last-of-type { margin-right: 10px; }
.inside dl { display: grid; grid-template-columns: minmax(8em, max-content) minmax(0, 1fr); gap: 3px 16px; margin: 0; }
.inside dt { color: var(--quiet); }
.inside dd { margin: 0; }
.inside dd:has(> .scroll) { grid-column: 1 / -1; margin-bottom: 8px; }
.scroll { overflow-x: auto; overflow-wrap: break-word; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; }
td.long { min-width: 13em; }
table.wide td { overflow-wrap: anywhere; min-width: 8em; }
.box-text { white-space: nowrap; }
.prompt { margin-top: 14px; }
.prompt summary { cursor: pointer; color: var(--quiet); font-size: 13px; font-weight: 600; }
pre { white-space: pre-wrap; background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 12px; margin: 8px 0 0; }

@media (max-width: 900px) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  .figure { position: static; }
  main, .page { padding-left: 14px; padding-right: 14px; }
  .image { padding: 14px; }
  .image > header p { margin-left: 0; flex-basis: 100%; }
}
@media print { .figure { position: static; } .image { break-inside: avoid; } }
`;
