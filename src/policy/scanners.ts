/** The scanners whose settings can be brought over. Apart from their readers, since `--help` names them too. */
export const SCANNERS = ['gitleaks', 'secretlint', 'detect-secrets', 'trufflehog'] as const;
export type Scanner = (typeof SCANNERS)[number];
