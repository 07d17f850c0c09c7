import { safeStorage } from 'electron';

/** On Linux without a keyring Electron seals with a key that everybody knows: that protects nothing. */
const protectsNothing = (): boolean =>
  process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());

/** Seals a short text with the key of the system's keychain; base64. Null when the system offers no real protection. */
export async function protect(text: string): Promise<string | null> {
  try {
    if (!(await safeStorage.isAsyncEncryptionAvailable()) || protectsNothing()) return null;
    return (await safeStorage.encryptStringAsync(text)).toString('base64');
  } catch {
    return null;
  }
}

/** Opens what `protect` sealed; null when it can't be opened on this machine or by this user. */
export async function unprotect(base64: string): Promise<string | null> {
  try {
    if (protectsNothing()) return null;
    return (await safeStorage.decryptStringAsync(Buffer.from(base64, 'base64'))).result;
  } catch {
    return null;
  }
}
