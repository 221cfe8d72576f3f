import type { Measure, MeasureKey } from './report-shape.ts'

/** What stands with each measure: its name, what it is counted in, where it comes from, and how it is gamed. */
export const MEASURE_TEXTS: Readonly<Record<MeasureKey, Pick<Measure, 'name' | 'unit' | 'of' | 'source' | 'gamed'>>> = {
  'effective-deciders': {
    name: 'Effective deciders',
    unit: 'of',
    of: 'seats',
    source: 'Laakso & Taagepera 1979; unbiased by Simpson 1949',
    gamed:
      'Split one person into many keys and it rises by key; by tree and by bloc it does not, and the least of the three is shown. Staged cases among friends raise it in the scope “everything”.',
  },
  'independent-voices': {
    name: 'Independent voices',
    unit: 'of',
    of: 'split cases',
    source: 'Kish 1965, design effect; r² adjusted by Ezekiel 1930',
    gamed:
      'A bloc that now and then lets one of its own vote against it, in cases that are won anyway, looks like several voices. Whoever never sits eight times with another is not seen.',
  },
  'consent-coverage': {
    name: 'Consent coverage',
    unit: 'share',
    of: 'affected keys',
    source: 'Moot; a share',
    gamed:
      'A click counts as consent: look at the grades. A charter that nobody reads is signed by everybody. A signature that is not before the decision in the records is taken for none.',
  },
  'capital-alignment': {
    name: 'Capital to authority',
    unit: 'rho',
    of: 'peers',
    source: 'Spearman 1904; permutation test',
    gamed:
      'Compute under one key and decide under another, and it falls. Jobs that friends ask of friends raise anybody’s compute in the scope “everything”.',
  },
  'default-grip': {
    name: 'Default grip',
    unit: 'share',
    of: 'defaults',
    source: 'Moot; Σ v U (1 − A) / Σ v',
    gamed:
      'Pressing “keep” without looking lowers it. How much each default weighs is itself a default, and is listed among them.',
  },
  'unresolved-overturned': {
    name: 'Unresolved, and overturned',
    unit: 'share',
    of: 'decisions',
    source: 'shares with Wilson 1927 intervals',
    gamed:
      'Many easy jobs make both small. A room that answers every contest with a ruling, whatever it takes, leaves nothing unresolved; one in which nobody dares appeal overturns nothing.',
  },
  'exit-reachability': {
    name: 'Kept if you fork now',
    unit: 'share',
    of: 'neighbours',
    source: 'Hirschman 1970, as a share',
    gamed:
      'Vouching for each other is no promise to come along. It says who could be expected to, and not who will; keys that were made to be counted raise it.',
  },
  'nakamoto': {
    name: 'Fewest who make more than half',
    unit: 'of',
    of: 'decisions',
    source: 'Nakamoto coefficient, Srinivasan & Lee 2017',
    gamed: 'Split one person into many keys and it rises by key; the least of the three ways of counting is shown.',
  },
  'gini': {
    name: 'Gini coefficient',
    unit: 'share',
    of: 'peers',
    source: 'Gini 1912; unbiased by Deltas 2003',
    gamed: 'Splitting identities lowers it, and members who never decide raise it: that is why it is no headline.',
  },
  'herfindahl': {
    name: 'Herfindahl index',
    unit: 'share',
    of: 'decisions',
    source: 'Hirschman 1945, Herfindahl 1950',
    gamed: 'Splitting identities lowers it: two keys that share what one had halve their part of it.',
  },
  'entropy': {
    name: 'Deciders by entropy',
    unit: 'of',
    of: 'seats',
    source: 'Hill 1973 of order 1; Miller & Madow 1955',
    gamed: 'Many who decide once raise it more than they change who decides; split identities do the same.',
  },
  'turnover': {
    name: 'The top stays the same',
    unit: 'share',
    of: 'windows',
    source: 'rank-biased overlap, Webber, Moffat & Zobel 2010; Jaccard 1901',
    gamed: 'One person who changes keys looks like new people at the top.',
  },
  'power': {
    name: 'Power of the strongest tree',
    unit: 'share',
    of: 'trees',
    source: 'Banzhaf 1965; Shapley & Shubik 1954',
    gamed:
      'It takes members for votes over an amendment: a tree grows by introducing, and nobody sees from outside who would vote together.',
  },
  'introducer-concentration': {
    name: 'Effective introducers',
    unit: 'of',
    of: 'introductions',
    source: 'Laakso & Taagepera 1979; unbiased by Simpson 1949',
    gamed:
      'Introduce by several keys. Vouches cost nothing: keys that vouch for each other look like many introducers.',
  },
  'agenda': {
    name: 'Effective proposers',
    unit: 'of',
    of: 'proposals',
    source: 'Laakso & Taagepera 1979; unbiased by Simpson 1949',
    gamed: 'Let others sign what one wrote. Proposals without their sponsors are not counted.',
  },
  'seniority-alignment': {
    name: 'Seniority to authority',
    unit: 'rho',
    of: 'peers',
    source: 'Spearman 1904; permutation test',
    gamed: 'An old key can be given away, and a person who takes a new key begins as a newcomer.',
  },
  'exits': {
    name: 'Left the charter',
    unit: 'share',
    of: 'members',
    source: 'Hirschman 1970; Wilson 1927 interval',
    gamed: 'Who just closes the tab is not counted, and who leaves by many keys is counted many times.',
  },
  'forks': {
    name: 'Forked the charter',
    unit: 'share',
    of: 'members',
    source: 'Hirschman 1970; Wilson 1927 interval',
    gamed: 'A fork that nobody follows counts as one that half the room joins.',
  },
}
