package early

func restore()
