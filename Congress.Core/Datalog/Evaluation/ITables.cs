using Congress.Data;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>Finds the rows that the steps of a plan read.</summary>
internal interface ITables
{
    /// <summary>The rows of a table.</summary>
    TableView ViewOf(TableName table, int arity, RowRange range);

    /// <summary>An index on some columns of a relation that a view gave.</summary>
    RelationIndex IndexOn(Relation relation, int[] columns);
}
