// The two files that every page loads; our own, nothing from elsewhere.

export const pageStyle = `:root{color-scheme:light dark;--text:#16211f;--soft:#4d5c59;--line:#d3dcda;--ground:#fff;--raised:#f4f7f6;--accent:#0b5d55;--button:#0b5d55}
@media (prefers-color-scheme:dark){:root{--text:#e4ebe9;--soft:#a3b2af;--line:#35423f;--ground:#121917;--raised:#1b2422;--accent:#6fcabf;--button:#0f6b61}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,sans-serif}
header,main{max-width:60rem;margin:0 auto;padding:0 1.25rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;min-height:3.5rem;border-bottom:1px solid var(--line)}
header a{color:inherit;text-decoration:none;padding:.25rem 0}
header a:hover{text-decoration:underline}
.home{display:inline-flex;align-items:center;gap:.5rem;font-weight:650}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;color:var(--soft)}
main{padding-top:1.5rem;padding-bottom:4rem}
h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0 .75rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
p,ul{max-width:44rem}
main a{color:var(--accent)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:2px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875rem}
code{overflow-wrap:anywhere}
pre{background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:.85rem 1rem;overflow-x:auto;line-height:1.5}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.5rem .9rem .5rem 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;font-size:.875rem}
td:first-child code,.operations code{white-space:nowrap}
.reference{table-layout:fixed;min-width:44rem}
.reference th:nth-child(1){width:46%}.reference th:nth-child(3){width:17%}.reference th:nth-child(4){width:14%}
.reference td:first-child code{white-space:normal}
.soft{color:var(--soft)}
.door{margin-left:auto;align-items:center}
.button{display:inline-block;background:var(--button);color:#fff;border-radius:6px;padding:.45rem .9rem;text-decoration:none;font-weight:600}
header .button{color:#fff;padding:.3rem .75rem}
main .button{color:#fff}
.button:hover{text-decoration:underline}
.hero{display:grid;grid-template:"pitch wire" auto "promises wire" 1fr/minmax(0,5fr) minmax(0,7fr);gap:1.75rem 2.5rem;align-items:start}
.pitch{grid-area:pitch}
.wire{grid-area:wire}
.promises{grid-area:promises}
.hero h1{font-size:2.1rem;max-width:20ch}
.hero p{font-size:1.06rem}
.wire{display:grid;grid-template-columns:minmax(0,1fr);gap:.75rem}
.wire pre{margin:0;font-size:.8rem}
.wire figcaption{color:var(--soft);font-size:.85rem;margin-bottom:.25rem}
.wire figure{margin:0}
.wire .answer{border-left:3px solid var(--accent)}
.promises{display:grid;grid-template-columns:minmax(0,1fr);gap:.9rem;padding-top:1.25rem;border-top:1px solid var(--line)}
.promises h2{margin:0 0 .25rem;font-size:1rem}
.promises p{margin:0;color:var(--soft);font-size:.93rem}
@media (max-width:52rem){header{padding-top:.5rem;padding-bottom:.5rem}.door{margin-left:0;gap:.25rem .8rem}header .button{font-size:.9rem;padding:.25rem .6rem}.hero{grid-template:"pitch" "wire" "promises"/minmax(0,1fr)}.hero h1{font-size:1.7rem}}
`

/** The mark: a latch bar with its key-hole. */
export const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5d55"/><circle cx="16" cy="12.5" r="4.5" fill="none" stroke="#fff" stroke-width="2.6"/><path d="M16 17v8.5M16 21.5h4.5" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>
`
