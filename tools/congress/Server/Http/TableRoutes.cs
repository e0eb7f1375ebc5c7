using Congress.Api;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>The tables of a policy.</summary>
internal static class TableRoutes
{
    public static IEnumerable<Resource> Of(Apis api)
    {
        yield return new("/v1/policies/{policy}/tables")
        {
            Get = new("Lists the tables that the rules of a policy define and read.", Role.Reader,
                async c => await c.AnswerAsync(await api.Tables.ListAsync(c.Path("policy"), c.MinVersion, c.Gone), Default.ListingTableResource)),
        };
        yield return new("/v1/policies/{policy}/tables/{table}", IsElement: true)
        {
            Get = new("Shows a table.", Role.Reader,
                async c => await c.AnswerAsync(await api.Tables.GetAsync(c.Path("policy"), c.Path("table"), c.MinVersion, c.Gone), Default.TableResource)),
        };
        yield return new("/v1/policies/{policy}/tables/{table}/rows")
        {
            Get = new("Reads a table: limit, offset and where=column:value choose rows, trace=true tells how it is derived.", Role.Reader, async c => await c.AnswerAsync(
                await api.Tables.RowsAsync(new(c.Path("policy"), c.Path("table"), c.Number("offset", 0, 0, int.MaxValue), c.Number("limit", long.MaxValue, 0, long.MaxValue),
                    WhereOf(c), string.Equals(c.Query("trace"), "true", StringComparison.OrdinalIgnoreCase), c.MinVersion), c.Gone), Default.RowsResource)),
            Put = new("Is refused: the rows of policies are derived.", Role.Author,
                _ => throw new ApiException(ApiError.BadInput, "Method replace_entire_table_data not supported for datasource __engine")),
        };
        yield return new("/v1/policies/{policy}/tables/{table}/rows/{row}");
    }

    /// <summary>The conditions on columns: <c>where=column:value</c>, each as often as there are columns. A value that is JSON is what it says, any other a text.</summary>
    private static Dictionary<string, Data.Value>? WhereOf(ApiContext context)
    {
        var conditions = new Dictionary<string, Data.Value>(StringComparer.Ordinal);
        foreach (var condition in context.Http.Request.Query["where"])
        {
            if (condition!.Split(':', 2) is not [var column, var value])
            {
                throw new ApiException(ApiError.BadRequest, $"'where' is '{condition}'; expected column:value");
            }

            if (!conditions.TryAdd(column, ValueOf(value)))
            {
                throw new ApiException(ApiError.BadRequest, $"'where' has column '{column}' twice; expected each once");
            }
        }

        return conditions.Count == 0 ? null : conditions;
    }

    private static Data.Value ValueOf(string text)
    {
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(text);
            return ApiBody.ValueOf(json.RootElement, "where");
        }
        catch (System.Text.Json.JsonException)
        {
            return Data.Value.Of(text);
        }
    }
}
