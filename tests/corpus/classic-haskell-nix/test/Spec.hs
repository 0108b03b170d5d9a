import Saltmarsh.Birds (birds)
import Test.Hspec

main :: IO ()
main = hspec $ it "knows birds" $ birds `shouldNotBe` []
