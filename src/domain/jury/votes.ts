import { equalBytes, hash } from '../hash.ts'
import type { ReadEntry, Vote } from '../ledger/entry.ts'

/** What a juror binds itself to: of no other summons, key or vote. 32 bytes. */
export const commitToVote = ({
  summon,
  key,
  vote,
  salt,
}: {
  summon: Uint8Array
  key: Uint8Array
  vote: Vote
  salt: Uint8Array
}): Uint8Array => hash('moot/vote', summon, key, vote, salt)

/** Whether a vote is the one that its author is bound to by that commitment, in an entry before it. */
export function opensVote(
  commit: ReadEntry<'VOTE_COMMIT'>,
  { signed, author, entry }: ReadEntry<'VOTE_REVEAL'>,
): boolean {
  const { summon, vote, salt } = entry.body
  return (
    author === commit.author &&
    entry.seq > commit.entry.seq &&
    equalBytes(commitToVote({ summon, key: signed.key, vote, salt }), commit.entry.body.commitment)
  )
}
