package early

// Unload gives back the pages of the tables by which the runtime walks a stack. Who
// needs them after all maps them again.
func Unload()

func restore()
