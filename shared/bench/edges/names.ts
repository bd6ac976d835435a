/** What the ORM of the workbook is called here. */
export const own = 'workbook'
