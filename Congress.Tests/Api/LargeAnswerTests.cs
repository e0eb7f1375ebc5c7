using System.Text.Encodings.Web;
using System.Text.Json;

namespace Congress.Tests.Api;

/// <summary>What does not fit into one message between services is answered as a whole, whatever letters it is written in.</summary>
public sealed class LargeAnswerTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const int Letters = 300_000;   // of three bytes each

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_rules_of_a_policy_are_all_listed()
    {
        await server.WithPolicyAsync("wide");
        var expected = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            var rule = JsonSerializer.Serialize(new { rule = $"p({i}) :- q(\"{new string((char)('一' + i), Letters)}\")" }, Readable);
            expected.Add((await server.PostAsync("/v1/policies/wide/rules", rule)).Is(201).Json.GetProperty("id").GetString()!);
        }

        var listed = (await server.GetAsync("/v1/policies/wide/rules")).Is(200).Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(expected, listed.Select(r => r.GetProperty("id").GetString()));
        Assert.All(listed, (r, i) => Assert.Contains(new string((char)('一' + i), Letters), r.GetProperty("rule").GetString(), StringComparison.Ordinal));
        Assert.Equal("""{"results":[{"id":"p"},{"id":"q"}]}""", (await server.GetAsync("/v1/policies/wide/tables")).Is(200).Text);
        (await server.GetAsync($"/v1/policies/wide/rules/{expected[3]}")).Is(200);
        (await server.SendAsync("DELETE", $"/v1/policies/wide/rules/{expected[3]}")).Is(200);
        Assert.Equal(6, (await server.GetAsync("/v1/policies/wide/rules")).Is(200).Json.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task The_rows_of_tables_are_all_read_and_violations_as_many_as_fit()
    {
        await server.WithDatasourceAsync("letters");
        await server.WithPolicyAsync("reading", "error(id, name) :- letters:fake_table(id, name)");
        for (var i = 0; i < 6; i++)
        {
            (await server.PostAsync("/v1/data-sources/letters/webhook", $$"""{"id": {{i}}, "name": "{{new string((char)('一' + i), Letters)}}"}""")).Is(200);
        }

        Assert.Equal(6, (await server.GetAsync("/v1/data-sources/letters/tables/fake_table/rows")).Is(200).Json.GetProperty("results").GetArrayLength());
        for (var i = 0; (await server.GetAsync("/v1/policies/reading/tables/error/rows?limit=6&offset=5")).Is(200).Json.GetProperty("results").GetArrayLength() < 1; i++)
        {
            Assert.True(i < 600, "the rows do not come");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.Equal(6, (await server.GetAsync("/v1/policies/reading/tables/error/rows")).Is(200).Json.GetProperty("results").GetArrayLength());
        var violations = (await server.GetAsync("/v1/violations")).Is(200).Json;
        Assert.Equal(6, violations.GetProperty("total").GetInt32());
        Assert.InRange(violations.GetProperty("violations").GetArrayLength(), 1, 5);
        Assert.Empty(server.Failures);
    }
}
