/** The Authority page and its measures, in one piece: loaded when first shown. */
import '../moot-authority.ts'
