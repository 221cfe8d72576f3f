/** The screens of models, in one piece: loaded when one of them is first shown. */
import '../moot-add.ts'
import '../moot-model.ts'
import '../moot-models.ts'
