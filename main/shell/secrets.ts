import { safeStorage } from 'electron';

/** Seals a short text with the key of the system's keychain; base64. Null when the system offers none. */
export async function protect(text: string): Promise<string | null> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return null;
  try {
    return (await safeStorage.encryptStringAsync(text)).toString('base64');
  } catch {
    return null;
  }
}

/** Opens what `protect` sealed; null when it can't be opened on this machine or by this user. */
export async function unprotect(base64: string): Promise<string | null> {
  try {
    return (await safeStorage.decryptStringAsync(Buffer.from(base64, 'base64'))).result;
  } catch {
    return null;
  }
}
