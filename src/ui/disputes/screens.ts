/** The screens of disputes, in one piece: loaded when one of them is first shown. */
import '../moot-dispute.ts'
import '../moot-disputes.ts'
