package example.osprey;

import java.math.BigDecimal;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BalanceController {
    private final JdbcClient db;

    BalanceController(JdbcClient db) {
        this.db = db;
    }

    @GetMapping("/accounts/{name}/balance")
    BigDecimal balance(@PathVariable String name) {
        return db.sql("select coalesce(sum(amount), 0) from entries where account = ?")
                .param(name)
                .query(BigDecimal.class)
                .single();
    }
}
