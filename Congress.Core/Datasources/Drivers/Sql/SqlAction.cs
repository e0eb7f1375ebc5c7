namespace Congress.Datasources.Drivers.Sql;

/// <summary>An action that is a statement.</summary>
/// <param name="Action">The action. Its arguments are the parameters of the statement, <c>@id</c>; one that is not given is NULL.</param>
/// <param name="Statement">The statement. That of a keyed action has the key of the call in <c>@call_key</c>.</param>
public sealed record SqlAction(DriverAction Action, string Statement);
