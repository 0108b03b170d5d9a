// Package almanac holds this year's table; the build puts it here.
package almanac

import _ "embed"

//go:embed table.csv
var Table string
