import { type Hit, hasWord, type Piece, sentenceAt } from './pieces.ts';
import words from './words.json' with { type: 'json' };

const COMPLAINT =
  /(?<!\p{L})(?:tôi|chúng tôi|em|con|cháu|gia đình (?:tôi|em|chúng tôi)|tập thể [\p{L} ]{1,30}?|các hộ dân [\p{L} ]{0,30}?)\s+(?:(?:xin|muốn|đề nghị|kính đề nghị|làm đơn|gửi đơn|viết đơn|có đơn|đã|nay|xin được|yêu cầu|đã gửi|đã làm|này)\s+)*(?:đơn\s+)?(khiếu nại|tố cáo|tố giác)(?!\p{L})/giu;
const COMPLAINT_LETTER =
  /(?<!\p{L})[Đđ]ơn\s+(?:khiếu nại|tố cáo)\s+(?:của tôi|của gia đình tôi|này|(?:ông|bà|anh|chị)\s+\p{Lu})/gu;

/** Somebody complaining or denouncing in a question; questions about how that is done are none (a hint, a person decides). */
export function findComplaints(text: string): Hit<'complaint-in-question'>[] {
  return [COMPLAINT, COMPLAINT_LETTER]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => ({
      code: 'complaint-in-question' as const,
      from: match.index,
      to: match.index + match[0].length,
    }))
    .filter(({ from, to }) => !hasWord(sentenceAt(text, from, to).text, words.complaint.aboutProcedure));
}

const QUOTED =
  /(?<!\p{L})(?:[Tt]heo|[Đđ]ăng (?:trên|lại trên)|[Tt]rích(?: từ)?|[Nn]guồn|[Dd]ẫn(?: lại)?(?: từ| theo)?|[Đđ]ăng lại từ|[Tt]ổng hợp từ)\s*:?\s*(?:(?:[Bb]áo|[Tt]ạp chí)(?:\s+điện tử)?\s+\p{Lu}\p{L}*(?:\s\p{Lu}\p{L}*){0,3}|TTXVN|Thông tấn xã|VOV|VTV|VnExpress|V[Ii][Ee][Tt][Nn]am[Nn]et|Dân trí|Tuổi trẻ|Thanh niên|Nhân dân|(?:[a-z]+\.)?[a-z]+\.vn|Cổng (?:TTĐT|[Tt]hông tin điện tử)\s+\p{Lu}\p{L}*(?:\s\p{Lu}\p{L}*){0,3})|(?<!\p{L})[Nn]guồn\s*:\s*(?:[Ii]nternet|[Ss]ưu tầm|(?:https?:\/\/)?[\w.-]+\.(?:vn|com|org|net))/gu;

/** Words that say a text is taken from the press or another site. */
export function findQuotations(text: string): Hit<'quoted-without-source'>[] {
  return [...text.matchAll(QUOTED)].map((match) => ({
    code: 'quoted-without-source',
    from: match.index,
    to: match.index + match[0].length,
  }));
}

const things = words.colour.things.join('|');
const colours = words.colour.colours.join('|');
const COLOUR_ONLY = new RegExp(
  `(?<!\\p{L})(?:(?:${things})\\s+(?:có\\s+|được\\s+|in\\s+|tô\\s+|bôi\\s+|đánh dấu\\s+|ghi\\s+|bằng\\s+)*(?:chữ\\s+)?(?:màu|mầu|mực)\\s+(?:${colours})|(?:bôi|tô|in)\\s+(?:màu\\s+)?(?:${colours})(?!\\p{L})|(?:màu|mầu)\\s+(?:${colours})\\s+(?:là|nghĩa là|thể hiện|biểu thị|tương ứng))`,
  'giu',
);
/** Words that make a colour an instruction or a meaning, not a description. */
const COLOUR_MEANS =
  /(?<!\p{L})(?:là|bắt buộc|phải|cần|lưu ý|chú ý|xem|điền|tương ứng|thể hiện|biểu thị|có nghĩa|chưa|đã|không được|được sửa|sửa đổi|bổ sung|quan trọng|quá hạn)(?!\p{L})/iu;
const COLOUR_SEEN =
  /(?<!\p{L})(?:băng rôn|khẩu hiệu|biển|cờ|áo|trang phục|pano|áp phích|phông|nền trời|hoa|tường)(?!\p{L})/iu;

/** A sentence in which only a colour tells what is meant. */
export function findColourOnly(text: string): Hit<'colour-only'>[] {
  return [...text.matchAll(COLOUR_ONLY)]
    .map((match) => ({ code: 'colour-only' as const, from: match.index, to: match.index + match[0].length }))
    .filter(({ from, to }) => {
      const sentence = sentenceAt(text, from, to).text;
      return COLOUR_MEANS.test(sentence) && !COLOUR_SEEN.test(sentence);
    });
}

const BLINKING = /<\s*(?:marquee|blink)\b|text-decoration\s*:\s*blink/giu;

/** Pasted code that would make text blink or move. */
export function findBlinking(text: string): Hit<'blinking'>[] {
  return [...text.matchAll(BLINKING)].map((match) => ({
    code: 'blinking',
    from: match.index,
    to: match.index + match[0].length,
  }));
}

const vague: ReadonlySet<string> = new Set(words.links.vague);
const ADDRESS = /^(?:https?:\/\/\S+|www\.\S+\/\S+)$/iu;

/** Links whose words do not say where they lead. */
export function findPoorLinks(piece: Piece): Hit<'link-text-vague' | 'link-text-url'>[] {
  const hits: Hit<'link-text-vague' | 'link-text-url'>[] = [];
  let at = 0;
  for (let index = 0; index < piece.runs.length; ) {
    const href = piece.runs[index]?.href;
    let text = '';
    do {
      text += piece.runs[index]?.text ?? '';
      index += 1;
    } while (href !== undefined && piece.runs[index]?.href === href);
    const said = text
      .normalize('NFC')
      .toLowerCase()
      .replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, '')
      .replace(/\s+/gu, ' ');
    const range = { from: at, to: at + text.length };
    if (href !== undefined && vague.has(said))
      hits.push({ code: 'link-text-vague', ...range, params: { text } });
    else if (href !== undefined && !/^mailto:/iu.test(href) && ADDRESS.test(text.trim()))
      hits.push({ code: 'link-text-url', ...range, params: { text } });
    at += text.length;
  }
  return hits;
}
