using Congress.Data;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Finds the rows that a step reads.</summary>
internal interface IRowRanges
{
    /// <summary>The relation of a table and the range of row numbers, the end not included.</summary>
    (Relation Relation, int From, int To) RangeOf(TableName table, int arity, RowRange range);
}
