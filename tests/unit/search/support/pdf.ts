/** A small PDF file with these pages of plain text; enough of ISO 32000 for a reader. */
export function makePdf(
  pages: readonly string[],
  /** `isLocked`: says that it is encrypted under a password that nobody knows. `font`: entries of the font's dictionary instead of Helvetica's. */
  options: { readonly isLocked?: boolean; readonly font?: string } = {},
): Buffer<ArrayBuffer> {
  const font = options.font ?? '/Subtype /Type1 /BaseFont /Helvetica';
  const first = 4;
  const kids = pages.map((_, index) => `${first + index * 2} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    `<< /Type /Font ${font} >>`,
  ];
  pages.forEach((text, index) => {
    const lines = text.split('\n').map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`);
    const content = `BT /F1 12 Tf 14 TL 50 800 Td ${lines.join('\n')} ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + index * 2 + 1} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  });
  const secret = `<${'5a'.repeat(32)}>`;
  if (options.isLocked) objects.push(`<< /Filter /Standard /V 1 /R 2 /P -4 /O ${secret} /U ${secret} >>`);
  let file = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const encrypt = options.isLocked ? `/Encrypt ${objects.length} 0 R /ID [<00> <00>] ` : '';
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${encrypt}>>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
