import { expect, test } from 'vitest';
import { html } from '../../../client/report/html.ts';

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  [`a "b" 'c' \`d\` & e`, 'a &quot;b&quot; &#39;c&#39; &#96;d&#96; &amp; e'],
  ['a\u202eb\u2066c', 'a\ufffdb\ufffdc'],
  ['a\u001bb\u0007c', 'a\ufffdb\ufffdc'],
  ['line\nline', 'line\nline'],
])('foreign text is text: %j', (text, markup) => {
  expect(html`<p>${text}</p>`.toString()).toBe(`<p>${markup}</p>`);
});
