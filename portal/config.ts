import { resolve } from 'node:path';
import { profileIds } from '../domain/regulations/index.ts';
import type { S3Place } from './storage/storedFiles.ts';

/** What a portal process is told at start. Times in milliseconds, sizes in bytes. */
export interface PortalConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataFolder: string;
  /** Null: the embedded PostgreSQL in the data folder. */
  readonly databaseUrl: string | null;
  /** An empty database gets the sample organisation. */
  readonly sample: boolean;
  /** The regulation of the sample organisation; null: VP17. */
  readonly sampleProfile: string | null;
  /** Address by which citizens reach the portal, without a slash at the end; null: taken from each request. */
  readonly publicUrl: string | null;
  /** A server in front of the portal says in `X-Forwarded-For` who calls. */
  readonly trustProxy: boolean;
  /** Requests that one address may make in a minute. */
  readonly requestsPerMinute: number;
  readonly logLevel: string;
  /** Where attached files are kept; null: in the data folder. */
  readonly s3: S3Place | null;
}

export class ConfigError extends Error {}

/** Reads the environment (README.md, "Environment"). Throws a ConfigError that names the variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): PortalConfig {
  const portText = env.SOAN_PORTAL_PORT ?? '3080';
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port > 65_535)
    throw new ConfigError(`SOAN_PORTAL_PORT is no port: ${portText}`);
  return {
    host: env.SOAN_PORTAL_HOST || '127.0.0.1',
    port,
    dataFolder: resolve(env.SOAN_PORTAL_DATA || '.portal-data'),
    databaseUrl: readDatabaseUrl(env.DATABASE_URL),
    sample: env.SOAN_SAMPLE === '1',
    sampleProfile: readSampleProfile(env.SOAN_SAMPLE_PROFILE),
    publicUrl: readPublicUrl(env.SOAN_PORTAL_PUBLIC_URL),
    trustProxy: env.SOAN_PORTAL_TRUST_PROXY === '1',
    requestsPerMinute: readCount('SOAN_PORTAL_REQUESTS_PER_MINUTE', env, 6000),
    logLevel: env.SOAN_PORTAL_LOG || 'info',
    s3: readS3(env),
  };
}

function readS3(env: Readonly<Record<string, string | undefined>>): S3Place | null {
  const bucket = env.SOAN_PORTAL_S3_BUCKET;
  const others = ['ENDPOINT', 'REGION', 'ACCESS_KEY', 'SECRET_KEY', 'PATH_STYLE'].map(
    (name) => `SOAN_PORTAL_S3_${name}`,
  );
  if (!bucket) {
    const stray = others.find((name) => env[name]);
    if (stray) throw new ConfigError(`${stray} is set but SOAN_PORTAL_S3_BUCKET is not`);
    return null;
  }
  const endpoint = env.SOAN_PORTAL_S3_ENDPOINT || null;
  if (endpoint !== null && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    throw new ConfigError('SOAN_PORTAL_S3_ENDPOINT is no http(s) address');
  const { SOAN_PORTAL_S3_ACCESS_KEY: accessKeyId, SOAN_PORTAL_S3_SECRET_KEY: secretAccessKey } = env;
  if (!accessKeyId !== !secretAccessKey)
    throw new ConfigError('SOAN_PORTAL_S3_ACCESS_KEY and SOAN_PORTAL_S3_SECRET_KEY go together');
  return {
    bucket,
    endpoint,
    region: env.SOAN_PORTAL_S3_REGION || 'us-east-1',
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
    pathStyle: env.SOAN_PORTAL_S3_PATH_STYLE ? env.SOAN_PORTAL_S3_PATH_STYLE === '1' : endpoint !== null,
  };
}

function readSampleProfile(text: string | undefined): string | null {
  if (!text) return null;
  if (!profileIds().includes(text))
    throw new ConfigError(`SOAN_SAMPLE_PROFILE is none of ${profileIds().join(', ')}: ${text}`);
  return text;
}

function readDatabaseUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new ConfigError('DATABASE_URL is set but is no postgres:// address');
  return text;
}

function readPublicUrl(text: string | undefined): string | null {
  if (!text) return null;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new ConfigError(`SOAN_PORTAL_PUBLIC_URL is no http(s) address: ${text}`);
  return text.replace(/\/+$/, '');
}

function readCount(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  otherwise: number,
): number {
  const text = env[name];
  if (!text) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new ConfigError(`${name} is no count: ${text}`);
  return Number(text);
}
