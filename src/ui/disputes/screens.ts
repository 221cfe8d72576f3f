/** The screens of disputes and of cases before a jury, in one piece: loaded when one of them is first shown. */
import '../moot-dispute.ts'
import '../moot-disputes.ts'
import './moot-case.ts'
