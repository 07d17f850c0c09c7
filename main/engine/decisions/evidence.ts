import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { type ArticleContent, canonicalise } from '../../../domain/document/index.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Far above any article; a few bytes of DEFLATE can claim gigabytes. */
const MAX_CONTENT_BYTES = 64 * 1024 * 1024;

/** The content that a decision is about, as it travels with it: canonical form, raw DEFLATE, base64. */
export async function packContent(content: ArticleContent): Promise<string> {
  return (await deflate(Buffer.from(canonicalise(content), 'utf8'))).toString('base64');
}

/** The content of a decision, or null when it can't be read. */
export async function unpackContent(packed: string): Promise<ArticleContent | null> {
  try {
    const bytes = await inflate(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_CONTENT_BYTES });
    const { form: _form, ...content } = JSON.parse(bytes.toString('utf8')) as ArticleContent & {
      form: string;
    };
    const isContent =
      typeof content.title === 'string' && Array.isArray(content.body) && Array.isArray(content.files);
    return isContent ? content : null;
  } catch {
    return null;
  }
}
