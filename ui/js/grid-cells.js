// Where the cells of an entry grid stand, and blocks of text from and to a spreadsheet. Pure: nothing here saves or listens.

export const FIELDS = "input[data-cell], select[data-cell], textarea[data-cell]";

/** The fields of the tables below an element as they stand on paper: an array of rows, each an array of fields, `undefined` where a row has none in that column. */
export function fieldMatrix(root) {
  const tables = root.matches("table") ? [root] : [...root.querySelectorAll("table")];
  const rows = tables.flatMap(rowsOf);
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))].sort((a, b) => a - b);
  return rows.map((row) => columns.map((column) => row.get(column)));
}

/** The rows of a table that have fields: for each the column -> field. */
function rowsOf(table) {
  const taken = []; // columns still covered by a rowspan from above: column -> rows left
  const rows = [];
  for (const tr of table.querySelectorAll("tbody tr")) {
    const byColumn = new Map();
    let column = 0;
    for (const td of tr.cells) {
      while (taken[column] > 0) column += 1;
      const field = td.querySelector(FIELDS);
      if (field) byColumn.set(column, field);
      for (let i = 0; i < td.colSpan; i += 1) taken[column + i] = td.rowSpan;
      column += td.colSpan;
    }
    for (let i = 0; i < taken.length; i += 1) if (taken[i] > 0) taken[i] -= 1;
    if (byColumn.size > 0) rows.push(byColumn);
  }
  return rows;
}

/** Row and column of a field in the matrix. */
export function placeOf(matrix, field) {
  for (let row = 0; row < matrix.length; row += 1) {
    const column = matrix[row].indexOf(field);
    if (column >= 0) return { row, column };
  }
  return null;
}

/** The next field from a place in a direction, over gaps; null at the edge. */
export function neighbour(matrix, place, down, right) {
  let { row, column } = place;
  for (;;) {
    row += down;
    column += right;
    if (row < 0 || row >= matrix.length || column < 0 || column >= matrix[row].length) return null;
    if (matrix[row][column]) return matrix[row][column];
  }
}

/** Every place of the block between two corners, row by row. */
export function block(matrix, from, to) {
  const rows = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
  const columns = [Math.min(from.column, to.column), Math.max(from.column, to.column)];
  return matrix.slice(rows[0], rows[1] + 1).map((row) => row.slice(columns[0], columns[1] + 1));
}

/** Reads what Excel and WPS put on the clipboard: tabs between cells, line ends between rows, quotes round a cell that holds either. */
export function parseBlock(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const endCell = () => { rows[rows.length - 1].push(cell); cell = ""; };
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') { cell += '"'; i += 1; }
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") endCell();
    else if (sign === "\n") { endCell(); rows.push([]); }
    else if (sign !== "\r") cell += sign;
  }
  if (cell !== "" || rows[rows.length - 1].length > 0) endCell();
  if (rows[rows.length - 1].length === 0) rows.pop(); // the line end after the last row is not a row
  return rows;
}

/** Writes a block the way Excel and WPS read it. */
export function printBlock(rows) {
  const print = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(print).join("\t")).join("\n");
}
