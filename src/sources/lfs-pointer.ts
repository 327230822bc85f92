/** Git LFS: blobs that stand for a content elsewhere. */
const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/v1');

/** Whether a blob of so many bytes may stand for a content elsewhere. */
export function mayBePointer(size: number): boolean {
  return size < 1024;
}

/** A blob that stands for a content elsewhere. */
export function isLfsPointer(bytes: Buffer): boolean {
  return mayBePointer(bytes.length) && bytes[0] === LFS_POINTER[0] && bytes.subarray(0, LFS_POINTER.length).equals(LFS_POINTER);
}
