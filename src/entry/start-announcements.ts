import { renderUnicodeCompact } from 'uqr'

/** Modules of quiet margin: phones read it on dark and on light terminals. */
const qr = (url: string): string => renderUnicodeCompact(url, { border: 2 })

const STOP = 'Ctrl+C stops it.'

/** What a plain `npm start` prints. */
export const localAnnouncement = (port: number): string =>
  [
    `Moot is at http://localhost:${port}/`,
    `Open it in four tabs: one asks and three answer. For phones and other computers: npm start -- --https. ${STOP}`,
  ].join('\n')

/** Without https other machines see the page, and their browsers refuse it what it needs. */
export const insecureAnnouncement = (port: number): string =>
  `${localAnnouncement(port)}\nOther machines can reach this too, but browsers let the app run only on localhost or over https: use --https.`

/** What `--https` prints: the address and QR for each network this machine is on. */
export const lanAnnouncement = (port: number, addresses: readonly string[]): string =>
  [
    ...(addresses.length > 0 ? [] : ['This machine is on no network now, so only it can open the app.', '']),
    `Moot is at https://localhost:${port}/`,
    ...addresses.map((address) => `https://${address}:${port}/`).map((url) => `\nand at ${url}\n${qr(url)}`),
    '',
    'Browsers warn once, since the certificate is this machine\'s own: choose "Advanced", then "Proceed".',
    STOP,
  ].join('\n')

export interface Deployment {
  readonly url: URL
  /** Host and port on which this process answers. */
  readonly answersAt: string
  readonly relays: readonly string[]
}

/** What `--public-url` prints: the address, and what a web server has to do for it. */
export const deploymentAnnouncement = ({ url, answersAt, relays }: Deployment): string =>
  [
    `Moot will be at ${url.href}`,
    qr(url.href),
    `Its relay: ${relays.join('\n           ')}`,
    '',
    'Either hand everything on to this process, which serves the app and the relay, as Caddy does with',
    '',
    `  ${url.host} {`,
    '    @relay header Upgrade websocket',
    `    reverse_proxy @relay ${answersAt}`,
    ...(url.pathname === '/' ? [] : [`    redir ${url.pathname.slice(0, -1)} ${url.pathname}`]),
    `    handle_path ${url.pathname}* {`,
    `      reverse_proxy ${answersAt}`,
    '    }',
    '  }',
    '',
    'or put dist/ on any static host, with this beside index.html as relays.json:',
    '',
    `  ${JSON.stringify({ relays })}`,
    '',
    `and hand on only the WebSockets of ${url.host} to ${answersAt}. ${STOP}`,
  ].join('\n')
