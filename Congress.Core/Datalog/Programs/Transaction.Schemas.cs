using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Programs;

/// <summary>What a transaction does with declarations.</summary>
internal sealed partial class Transaction
{
    private void Declare(string policy, Declaration declaration)
    {
        var owner = declaration.Policy ?? policy;
        if (!_policies.ContainsKey(owner))
        {
            CreatePolicy(owner, PolicyKind.Datasource);
        }

        var table = new TableName(owner, declaration.Table);
        var schema = new TableSchema(declaration.Table, [.. declaration.Columns]);
        var current = SchemaOf(table);
        _expectedArity.Remove(table);   // a declaration says more than the texts that follow it
        if (schema.Arity > FormLimits.MaxArity)
        {
            Report(Diagnostic.Error(DiagnosticCode.WrongArity, declaration.Span,
                $"{table} is declared with {schema.Arity} columns; at most {FormLimits.MaxArity} are allowed"));
        }
        else if (current is not null && !current.Columns.SequenceEqual(schema.Columns))
        {
            Report(Diagnostic.Error(DiagnosticCode.BadDeclaration, declaration.Span, $"{table} is declared already, as {current}"));
        }
        else if (current is null && ArityOf(table) is { } arity && arity != schema.Arity)
        {
            Report(Diagnostic.Error(DiagnosticCode.BadDeclaration, declaration.Span,
                $"{table} is declared with {schema.Arity} {(schema.Arity == 1 ? "column" : "columns")}, but it is in use with {arity}"));
        }
        else if (current is null && _policies.TryGetValue(owner, out var found))
        {
            CheckRowsFit(table, schema, declaration.Span);
            _policies[owner] = found with { Tables = found.Tables.Add(declaration.Table, schema) };
            _checksAll = true;
        }
    }

    private void CheckRowsFit(TableName table, TableSchema schema, SourceSpan span)
    {
        if (_database.FactsOf(table) is not { } facts || (facts.Arity == schema.Arity && schema.Columns.All(c => c.Type == ColumnType.Any)))
        {
            return;
        }

        if (facts.Arity != schema.Arity)
        {
            Report(Diagnostic.Error(DiagnosticCode.BadDeclaration, span,
                $"{table} holds rows of {facts.Arity} columns already, which do not fit {schema}"));
            return;
        }

        for (var row = 0; row < facts.Count; row++)
        {
            for (var i = 0; i < schema.Arity; i++)
            {
                var value = _symbols.ValueOf(facts[row][i]);
                if (!schema.Columns[i].TryFit(value, out var stored) || stored != value)
                {
                    Report(Diagnostic.Error(DiagnosticCode.BadDeclaration, span,
                        $"{table} holds {value} already, which does not fit column {schema.Columns[i]}"));
                    return;
                }
            }
        }
    }

    private void Undeclare(string policy, Declaration declaration)
    {
        var owner = declaration.Policy ?? policy;
        if (_policies.TryGetValue(owner, out var found) && found.Tables.TryGetValue(declaration.Table, out var schema)
            && schema.Columns.SequenceEqual(declaration.Columns))
        {
            _policies[owner] = found with { Tables = found.Tables.Remove(declaration.Table) };
            _checksAll = true;
        }
    }
}
