import { describe, expect, test } from 'vitest';
import { detectLegacyEncoding } from '../../../domain/text/index.ts';

describe('text in encodings before Unicode', () => {
  test.each([
    ['tcvn3', 'Céng hßa x· héi chñ nghÜa ViÖt Nam'],
    ['tcvn3', '§éc lËp - Tù do - H¹nh phóc'],
    ['tcvn3', 'quyÕt ®Þnh cña ñy ban nh©n d©n tØnh'],
    ['vni', 'COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM'],
    ['vni', 'Ñoäc laäp - Töï do - Haïnh phuùc'],
    [null, 'Cộng hòa xã hội chủ nghĩa Việt Nam'],
    [null, 'Cộng hòa xã hội chủ nghĩa Việt Nam'.normalize('NFD')],
    [null, 'Hoà bình, toà nhà, quý báu, hoá chất'],
    [null, 'Nhiệt độ 25°C, 30 km², 5 m³, « mở đầu »'],
    [null, 'São Paulo, Köln, Citroën, Müller, Ñuñoa, Björk'],
    [null, 'Straße, Größe, Füße, Übergröße'],
    [null, 'Trang 1'],
    [null, ''],
  ])('%s: %s', (encoding, text) => {
    expect(detectLegacyEncoding(text)).toBe(encoding);
  });
});
