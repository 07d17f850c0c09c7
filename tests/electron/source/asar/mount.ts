/** Placeholder until archives are mounted. */
export function installAsar(_resources: string): void {}
