/** The hooks that `keysift hook install` writes. Apart from the installer, since `--help` names them too. */
export const HOOK_NAMES = ['pre-commit', 'pre-push'] as const;
export type HookName = (typeof HOOK_NAMES)[number];
