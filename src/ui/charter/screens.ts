/** The screens of the charter, in one piece: loaded when one of them is first shown. */
import './moot-amend.ts'
import './moot-charter-text.ts'
import './moot-charter.ts'
import './moot-defaults.ts'
