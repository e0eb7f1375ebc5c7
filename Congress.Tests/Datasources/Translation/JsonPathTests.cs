using System.Text.Json;
using Congress.Datasources.Translation;

namespace Congress.Tests.Datasources.Translation;

public sealed class JsonPathTests
{
    private static readonly JsonElement Document = JsonElement.Parse("""
        {"a": {"b": [1, 2, {"c": "x"}]}, "d.e": 3, "OS-EXT:host": 4, "it's": 5, "": 6,
         "catalog": [{"type": "compute", "endpoints": [{"interface": "admin", "url": "A"}, {"interface": "public", "url": "B", "on": true, "n": 1.0}]},
                     {"type": "image", "endpoints": [{"interface": "public", "url": "C"}]}]}
        """);

    [Theory]
    [InlineData("a.b[0]", "1")]
    [InlineData("$.a.b[-1].c", "\"x\"")]
    [InlineData("a.b[3]", "")]
    [InlineData("a.b.c", "")]
    [InlineData("['d.e']", "3")]
    [InlineData("$[\"d.e\"]", "3")]
    [InlineData("OS-EXT:host", "4")]
    [InlineData("['it\\'s']", "5")]
    [InlineData("['']", "6")]
    [InlineData("a.b[*]", "1 2 {\"c\": \"x\"}")]
    [InlineData("a.*[1]", "2")]
    [InlineData("catalog[*].endpoints[*].url", "\"A\" \"B\" \"C\"")]
    [InlineData("catalog[?type=='compute'].endpoints[?interface=='public'].url", "\"B\"")]
    [InlineData("$.catalog[?@.type == \"compute\"].endpoints[?@.interface != 'public'].url", "\"A\"")]
    [InlineData("catalog[?type=='compute'].endpoints[?interface=='public' && on==true].url", "\"B\"")]
    [InlineData("catalog[*].endpoints[?n==1].url", "\"B\"")]
    [InlineData("catalog[?endpoints[?on==true].url=='B'].type", "\"compute\"")]
    [InlineData("catalog[*].endpoints[?on].url", "\"B\"")]
    [InlineData("a.b[?@==2]", "2")]
    [InlineData("catalog[?type=='volume'].endpoints[0].url", "")]
    public void A_path_leads_to_values(string path, string values)
    {
        var parsed = JsonPath.Parse(path);
        var all = parsed.All(Document).ToArray();
        Assert.Equal(values, string.Join(' ', all.Select(v => v.GetRawText())));
        Assert.Equal(all.Length == 0 ? null : all[0].GetRawText(), parsed.First(Document)?.GetRawText());
    }

    [Fact]
    public void The_whole_is_a_path_too() => Assert.Equal(JsonValueKind.Object, JsonPath.Parse("$").First(Document)?.ValueKind);

    [Theory]
    [InlineData("", "the path  is wrong at character 1: expected a name")]
    [InlineData("a.", "the path a. is wrong at character 3: expected a name")]
    [InlineData("a[", "the path a[ is wrong at character 3: expected an index, a name in quotes, '*' or '?'")]
    [InlineData("a[1", "the path a[1 is wrong at character 4: expected ']'")]
    [InlineData("a[99999999999]", "the path a[99999999999] is wrong at character 3: expected an index, a name in quotes, '*' or '?'")]
    [InlineData("a['b", "the path a['b is wrong at character 5: expected '")]
    [InlineData("a[1]b", "the path a[1]b is wrong at character 5: expected '.' or '['")]
    [InlineData("a[?b==]", "the path a[?b==] is wrong at character 7: expected a text in quotes, a number, true, false or null")]
    [InlineData("a[?b==[1]]", "the path a[?b==[1]] is wrong at character 7: expected a text in quotes, a number, true, false or null")]
    [InlineData("a[?b[?c[?d[?e[?f]]]]]", "the path a[?b[?c[?d[?e[?f]]]]] has filters nested more than 4 deep")]
    public void What_is_no_path_is_refused(string path, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => JsonPath.Parse(path)).Message);

    [Fact]
    public void No_text_makes_the_parser_fail_in_another_way()
    {
        var pieces = new[] { "a", ".", "[", "]", "'", "\"", "?", "*", "0", "-", "=", "!", "&", " ", "$", "@", "\\", "é" };
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                _ = JsonPath.Parse(text).All(Document).Count();
            }
            catch (FormatException)
            {
                // which says where
            }
        }
    }
}
