/** The shells that have a completion script. Apart from the scripts, since `--help` names them too. */
export const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const;
export type Shell = (typeof SHELLS)[number];
