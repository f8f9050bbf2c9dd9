package status

import "strings"

// row is a line of a table. What stands under it is a table of its own, indented.
type row struct {
	cells []line
	hang  int // how much further right the last cell goes on when it is wrapped
	under []row
}

// gap separates columns.
const gap = 2

// table writes rows with aligned columns. The last cell of a row is wrapped under itself.
func (p *page) table(indent int, rows []row) {
	for i := range rows {
		for j, cell := range rows[i].cells {
			rows[i].cells[j] = p.cleanLine(cell)
		}
	}
	widths := columns(rows)
	for _, r := range rows {
		p.row(indent, r, widths)
		if len(r.under) > 0 {
			p.table(indent+p.marked()+gap, r.under)
		}
	}
}

func (p *page) row(indent int, r row, widths []int) {
	p.buf.WriteString(strings.Repeat(" ", indent))
	at := indent
	for i, cell := range r.cells {
		if i == len(r.cells)-1 {
			p.wrap(at+r.hang, cell)
			break
		}
		p.pieces(cell)
		p.buf.WriteString(strings.Repeat(" ", widths[i]-cell.width()+gap))
		at += widths[i] + gap
	}
	p.trimLine()
	p.buf.WriteByte('\n')
}

// columns returns how wide each column is. A row's last cell takes no part: nothing stands to the right of it.
func columns(rows []row) []int {
	var widths []int
	for _, r := range rows {
		for i, cell := range r.cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i < len(r.cells)-1 {
				widths[i] = max(widths[i], cell.width())
			}
		}
	}
	return widths
}
